// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.bellows.driver.estimator.ImageClassifier;
import org.bellows.driver.estimator.SessionSettings;

/**
 * From folders of photographs to a saved pipeline: a search over learning rates, the best one
 * trained on all pictures, its accuracy on pictures that took no part. As a notebook would have it,
 * cell by cell.
 *
 * <pre>
 * examples/run ClothingPipeline.java PICTURES WORK NETWORK EPOCHS RATE,RATE,... [key=value]...
 * </pre>
 *
 * PICTURES holds train/CLASS/*.jpg and test/CLASS/*.jpg; WORK gets datasets, runs and the pipeline.
 */
public final class ClothingPipeline {
  private ClothingPipeline() {}

  /** A session in which networks can be trained; a notebook is started with these settings. */
  public static void main(String[] arguments) throws Exception {
    SparkSession.Builder session = SparkSession.builder().appName("clothing");
    SessionSettings.of("cluster.executors=2", "cluster.executor-memory-mebibytes=1024")
        .forEach(session::config);
    try (SparkSession spark = session.getOrCreate()) {
      run(spark, arguments);
    }
  }

  public static double run(SparkSession spark, String... arguments) throws Exception {
    String pictures = arguments[0];
    String work = arguments[1];
    String network = arguments[2];
    int epochs = Integer.parseInt(arguments[3]);
    double[] rates =
        List.of(arguments[4].split(",")).stream().mapToDouble(Double::parseDouble).toArray();
    String[] settings = List.of(arguments).subList(5, arguments.length).toArray(String[]::new);

    // Cell 1: the pictures, and the name of each one's folder as its class.
    Dataset<Row> train = labelled(spark, pictures + "/train");
    Dataset<Row> test = labelled(spark, pictures + "/test");

    // Cell 2: a pipeline from the name of a class to a network that says it.
    StringIndexer indexer = new StringIndexer().setInputCol("class").setOutputCol("label");
    ImageClassifier classifier =
        new ImageClassifier()
            .setNetwork(network)
            .setWorkPath(work)
            .setReportPath(work + "/report.html")
            .setMaxIter(epochs)
            .setSettings(settings);
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {indexer, classifier});

    // Cell 3: each rate is tried on four fifths of the pictures and judged on the others.
    ParamMap[] grid = new ParamGridBuilder().addGrid(classifier.stepSize(), rates).build();
    MulticlassClassificationEvaluator accuracy =
        new MulticlassClassificationEvaluator().setMetricName("accuracy");
    long begun = System.nanoTime();
    TrainValidationSplitModel search =
        new TrainValidationSplit()
            .setEstimator(pipeline)
            .setEvaluator(accuracy)
            .setEstimatorParamMaps(grid)
            .setTrainRatio(0.8)
            .setSeed(1)
            .fit(train);
    for (int i = 0; i < rates.length; i++) {
      System.out.printf("stepSize %s: accuracy %.3f%n", rates[i], search.validationMetrics()[i]);
    }
    System.out.printf("searched and trained in %.0f s%n", (System.nanoTime() - begun) * 1e-9);

    // Cell 4: the best rate's network, trained on all, on pictures that it has not seen.
    PipelineModel best = (PipelineModel) search.bestModel();
    best.write().overwrite().save(work + "/pipeline");
    PipelineModel loaded = PipelineModel.load(work + "/pipeline");
    Dataset<Row> answers = loaded.transform(test).cache();
    answers.select("path", "class", "predictedLabel", "probability").show(5);
    double right = accuracy.evaluate(answers);
    System.out.printf("test: accuracy %.3f of %d pictures%n", right, answers.count());
    return right;
  }

  private static Dataset<Row> labelled(SparkSession spark, String folder) {
    return spark
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", "true")
        .option("pathGlobFilter", "*.jpg")
        .load(folder)
        .select("path", "content")
        .withColumn("class", functions.regexp_extract(functions.col("path"), "([^/]+)/[^/]+$", 1));
  }
}
