# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
"""Prints of each class of bellows.py: its name, the JVM's class, and name:type of each parameter."""
import bellows
from pyspark.ml.evaluation import JavaEvaluator
from pyspark.ml.param import TypeConverters
from pyspark.ml.wrapper import JavaEstimator, JavaModel

TYPES = {
    TypeConverters.toString: "string",
    TypeConverters.toListString: "strings",
    TypeConverters.toInt: "int",
    TypeConverters.toFloat: "double",
    TypeConverters.toListFloat: "doubles",
}

for name in bellows.__all__:
    cls = getattr(bellows, name)
    stage = cls()
    if not issubclass(cls, JavaModel):
        assert stage._java_obj == (cls._java_class, stage.uid), stage._java_obj
    params = sorted(param.name + ":" + TYPES[param.typeConverter] for param in stage.params)
    print(name, cls.read().java_class, *params)
    if not issubclass(cls, JavaEvaluator):
        assert stage.setInputCol("photo") is stage and stage.getInputCol() == "photo"

assert bellows.MultiLabelEvaluator(thresholds=[0, 1]).getThresholds() == [0.0, 1.0]
assert bellows.SegmentationEvaluator(maskCol="truth").setMetricName("miou").getMaskCol() == "truth"
classifier = bellows.ImageClassifier(network="lenet5", maxIter=3, settings=["a=b"])
assert classifier.getNetwork() == "lenet5" and classifier.getMaxIter() == 3
model = classifier._create_model("the JVM's model")
assert isinstance(model, bellows.ImageClassifierModel) and isinstance(classifier, JavaEstimator)
assert model._java_obj == "the JVM's model"
found = __import__("org.bellows.driver.estimator", fromlist=["ImageClassifierModel"])
assert found.ImageClassifierModel is bellows.ImageClassifierModel
