# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
"""Bellows in PySpark: each class passes its parameters to the class of the same name in the JVM.

    spark-submit --jars ... --py-files bellows.py program.py

    from bellows import ImageClassifier
    model = ImageClassifier(network="lenet5", workPath="hdfs:///work", maxIter=20).fit(images)

There is no logic here; docs/estimator.md of Bellows describes the parameters.
"""

import sys

from pyspark.ml.evaluation import JavaEvaluator
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaTransformer

__all__ = [
    "ImageClassifier",
    "ImageClassifierModel",
    "ImageFeatures",
    "ImageLabelMaps",
    "ImageSegmenter",
    "ImageSegmenterModel",
    "MultiLabelEvaluator",
    "SegmentationEvaluator",
]

_FEATURES = "org.bellows.driver.features."
_ESTIMATOR = "org.bellows.driver.estimator."

_text = TypeConverters.toString
_texts = TypeConverters.toListString
_whole = TypeConverters.toInt
_real = TypeConverters.toFloat
_reals = TypeConverters.toListFloat


class _Reader(JavaMLReader):
    """Reads by the JVM's class, whose package is not named after this module."""

    @classmethod
    def _java_loader_class(cls, clazz):
        return clazz._java_class


class _Stage(JavaMLReadable, JavaMLWritable):
    """Parameters by keyword, a setter and a getter for each, and no defaults: these are the JVM's."""

    _java_class = ""
    _types = {}

    def __init_subclass__(cls, **named):
        super().__init_subclass__(**named)
        for name, convert in cls._types.items():
            setattr(cls, name, Param(Params._dummy(), name, name, typeConverter=convert))
            suffix = name[0].upper() + name[1:]
            setattr(cls, "set" + suffix, _setter(name))
            setattr(cls, "get" + suffix, _getter(name))

    @classmethod
    def read(cls):
        return _Reader(cls)


class _Made(_Stage):
    """A stage that a program makes."""

    def __init__(self, **values):
        super().__init__()
        self._java_obj = self._new_java_obj(self._java_class, self.uid)
        self._set(**values)


class _Trained(_Stage, JavaModel):
    """A model, which a fit or a reader makes."""


def _setter(name):
    def set_value(self, value):
        return self._set(**{name: value})

    return set_value


def _getter(name):
    def get_value(self):
        if self.isSet(name):
            return self.getOrDefault(name)
        return self._java_obj.getOrDefault(self._java_obj.getParam(name))

    return get_value


_MODEL_OF_RUN = {"modelPath": _text, "inputCol": _text, "reasonCol": _text, "onBadImage": _text, "threads": _whole}

_TRAINING = {
    "inputCol": _text,
    "validationIndicatorCol": _text,
    "workPath": _text,
    "reportPath": _text,
    "network": _text,
    "profile": _text,
    "maxIter": _whole,
    "stepSize": _real,
    "seed": _whole,
    "settings": _texts,
}

_CLASSES = {"predictionCol": _text, "probabilityCol": _text, "rawPredictionCol": _text, "predictedLabelCol": _text}

_THRESHOLDS = {"threshold": _real, "thresholds": _reals}


class ImageFeatures(_Made, JavaTransformer):
    """What a layer of a trained network computes of each image."""

    _java_class = _FEATURES + "ImageFeatures"
    _types = {
        **_MODEL_OF_RUN,
        "outputCol": _text,
        "topCol": _text,
        "layer": _text,
        "pooling": _text,
        "device": _text,
        "engine": _text,
        "precision": _text,
        "convolutions": _text,
        "batchSize": _whole,
        "top": _whole,
    }


class ImageLabelMaps(_Made, JavaTransformer):
    """The class of each pixel, as trained networks say it."""

    _java_class = _FEATURES + "ImageLabelMaps"
    _types = {**_MODEL_OF_RUN, "outputCol": _text, "format": _text, "ensemble": _texts, "settings": _texts}


class ImageClassifierModel(_Trained):
    """Adds the class that a trained network says of each image."""

    _java_class = _ESTIMATOR + "ImageClassifierModel"
    _types = {**_MODEL_OF_RUN, **_CLASSES, **_THRESHOLDS, "labels": _text, "batchSize": _whole}

    @property
    def summary(self):
        """The figures of result.json, a Java map."""
        return self._java_obj.summary()

    def bestThresholds(self):
        """Of the largest F1 of each class on the rows for validation, where rows have any number of labels."""
        return list(self._java_obj.bestThresholds())


class ImageClassifier(_Made, JavaEstimator):
    """Trains a network that says a class of each image."""

    _java_class = _ESTIMATOR + "ImageClassifier"
    _types = {**_TRAINING, **_CLASSES, **_THRESHOLDS, "labelCol": _text}

    def _create_model(self, java_model):
        return ImageClassifierModel(java_model)


class ImageSegmenterModel(_Trained):
    """Adds the class of each pixel of each image."""

    _java_class = _ESTIMATOR + "ImageSegmenterModel"
    _types = {**_MODEL_OF_RUN, "predictionCol": _text, "format": _text, "inference": _texts}

    @property
    def summary(self):
        """The figures of result.json, a Java map."""
        return self._java_obj.summary()


class ImageSegmenter(_Made, JavaEstimator):
    """Trains a network that says a class of each pixel."""

    _java_class = _ESTIMATOR + "ImageSegmenter"
    _types = {**_TRAINING, "maskCol": _text, "predictionCol": _text}

    def _create_model(self, java_model):
        return ImageSegmenterModel(java_model)


class MultiLabelEvaluator(_Made, JavaEvaluator):
    """Compares probabilities with any number of labels a row, for searches over a classifier."""

    _java_class = _ESTIMATOR + "MultiLabelEvaluator"
    _types = {**_THRESHOLDS, "labelCol": _text, "probabilityCol": _text, "metricName": _text}


class SegmentationEvaluator(_Made, JavaEvaluator):
    """Compares label maps with masks, for searches over a segmenter."""

    _java_class = _ESTIMATOR + "SegmentationEvaluator"
    _types = {"predictionCol": _text, "maskCol": _text, "metricName": _text, "settings": _texts}


# PySpark looks for the Python class of a saved stage in a module that is called as the JVM's package.
sys.modules[_FEATURES.rstrip(".")] = sys.modules[__name__]
sys.modules[_ESTIMATOR.rstrip(".")] = sys.modules[__name__]
