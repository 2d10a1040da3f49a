package org.bellows.conf;

import com.typesafe.config.Config;
import java.util.List;

/** From a resolved configuration to typed records: ranges first, then contradictions. */
final class SettingsReader {
  private static final int MANY = 1_000_000_000;

  private final ConfigReader read;

  SettingsReader(Config config, Config reference) {
    this.read = new ConfigReader(config, reference);
  }

  Settings read() {
    Settings settings =
        new Settings(
            source(),
            prepare(),
            data(),
            new Settings.Output(read.path("output.path")),
            model(),
            augment(),
            train(),
            optimizer(),
            schedule(),
            new Settings.Loss(
                read.real("loss.label-smoothing", 0, 0.999),
                classWeights(),
                read.path("loss.teacher"),
                read.real("loss.teacher-temperature", 0.1, 1000),
                read.real("loss.teacher-share", 0.001, 1)),
            new Settings.Sync(
                read.choice("sync.mode", Settings.SyncMode.class),
                read.integer("sync.period-steps", 1, 1_000_000),
                read.integer("sync.timeout-seconds", 1, 86_400),
                read.choice("sync.encryption", Settings.Encryption.class),
                read.choice("sync.wire", Settings.Wire.class)),
            cluster(),
            new Settings.Checkpoint(
                read.integer("checkpoint.interval-steps", 0, MANY),
                read.integer("checkpoint.keep-last", 1, MANY),
                read.integer("checkpoint.keep-best", 0, MANY)),
            new Settings.Evaluate(
                read.text("evaluate.split"),
                read.integer("evaluate.batch", 1, 65_536),
                read.integer("evaluate.worst-mistakes", 0, 1000),
                read.paths("evaluate.ensemble")),
            new Settings.Predict(read.integer("predict.top", 1, 1000)),
            new Settings.Metrics(
                read.real("metrics.progress-seconds", 0.1, 3600),
                read.real("metrics.straggler-factor", 1.1, 1_000_000),
                read.real("metrics.straggler-window-seconds", 0.1, 86_400)),
            new Settings.Quickstart(
                read.integer("quickstart.images-per-class", 10, 100_000),
                read.integral("quickstart.seed", Long.MIN_VALUE, Long.MAX_VALUE)),
            new Settings.Show(
                read.text("show.split"),
                read.integer("show.classes", 1, 1000),
                read.integer("show.samples-per-class", 1, 100),
                read.integer("show.epochs", 1, 100),
                read.integer("show.cell-pixels", 16, 1024)),
            features(),
            head(),
            new Settings.Registry(read.path("registry.path"), read.text("registry.name")),
            new Settings.Retrain(
                read.choice("retrain.start", Settings.RetrainStart.class),
                read.choice("retrain.metric", Settings.RetrainMetric.class),
                read.real("retrain.min-improvement", 0, MANY),
                read.integer("retrain.lease-seconds", 2, 86_400)),
            new Settings.Watch(
                read.flag("watch.tensorboard"),
                read.text("watch.mlflow-uri"),
                read.text("watch.mlflow-experiment"),
                read.path("watch.mlflow-token-file")),
            "");
    settings = settings.withEffectiveJson(SettingsText.json(settings));
    checkContradictions(settings);
    return settings;
  }

  List<Problem> problems() {
    return read.problems();
  }

  private Settings.Source source() {
    return new Settings.Source(
        read.path("source.path"),
        read.choice("source.format", Settings.SourceFormat.class),
        read.text("source.default-split"),
        read.text("source.image-column"),
        read.text("source.label-column"),
        read.text("source.split-column"),
        read.text("source.path-column"),
        read.text("source.path-prefix"),
        read.text("source.path-suffix"),
        read.choice("source.cifar-labels", Settings.CifarLabels.class));
  }

  private Settings.Prepare prepare() {
    return new Settings.Prepare(
        SplitShares.read(read, "prepare.split"),
        read.integral("prepare.seed", Long.MIN_VALUE, Long.MAX_VALUE),
        read.integer("prepare.shard-mebibytes", 1, 1024),
        read.integer("prepare.block-kibibytes", 16, 262_144),
        read.integral("prepare.max-pixels", 1, MANY),
        read.integer("prepare.shrink-shorter-side-pixels", 0, 65_535),
        read.integer("prepare.jpeg-quality", 1, 100));
  }

  private Settings.Data data() {
    return new Settings.Data(
        read.path("data.path"),
        read.integer("data.shuffle-window-samples", 1, 10_000_000),
        read.integer("data.decode-threads", 1, 256),
        read.integer("data.prefetch-batches", 1, 1024),
        read.choice("data.verify", Settings.Verify.class),
        read.real("data.max-bad-fraction", 0, 1),
        read.integer("data.buffer-mebibytes", 0, 1_048_576),
        read.choice("data.cache", Settings.Cache.class),
        read.integer("data.cache-mebibytes", 1, 100_000_000),
        read.path("data.cache-path"));
  }

  private Settings.Model model() {
    return new Settings.Model(
        read.text("model.name"),
        read.oneOf("model.channels", 1, 3),
        read.integer("model.height-pixels", 1, 4096),
        read.integer("model.width-pixels", 1, 4096),
        read.path("model.path"),
        read.path("model.from"),
        read.text("model.freeze-up-to"),
        read.atLayers("model.unfreeze-epochs", 1, 100_000),
        read.integer("model.frozen-cache-mebibytes", 0, 100_000_000));
  }

  private AugmentSettings augment() {
    return new AugmentSettings(
        read.choice("augment.crop", AugmentSettings.Crop.class),
        read.integer("augment.resize-pixels", 0, 4096),
        read.integer("augment.padding-pixels", 0, 512),
        read.real("augment.scale-min", 0.0001, 1),
        read.real("augment.scale-max", 0.0001, 1),
        read.real("augment.ratio-min", 0.01, 100),
        read.real("augment.ratio-max", 0.01, 100),
        read.flag("augment.mirror"),
        read.choice("augment.evaluation-crop", AugmentSettings.EvaluationCrop.class),
        read.integer("augment.fill-value", 0, 255),
        read.integer("augment.mask-fill", 0, 255),
        read.real("augment.rotation-degrees", 0, 180),
        read.choice("augment.auto-augment", AugmentSettings.AutoAugmentPolicy.class),
        read.real("augment.brightness", 0, 1),
        read.real("augment.contrast", 0, 1),
        read.real("augment.saturation", 0, 1),
        read.real("augment.hue", 0, 0.5),
        read.real("augment.lighting-deviation", 0, 10),
        read.reals("augment.mean", 0, 1),
        read.reals("augment.standard-deviation", 0.001, 10),
        read.real("augment.erasing-probability", 0, 1),
        read.real("augment.erasing-area-min", 0.0001, 1),
        read.real("augment.erasing-area-max", 0.0001, 1),
        read.real("augment.erasing-ratio-min", 0.01, 1),
        read.choice("augment.erasing-fill", AugmentSettings.ErasingFill.class),
        read.integer("augment.cutout-pixels", 0, 4096),
        read.choice("augment.mix", AugmentSettings.Mix.class),
        read.real("augment.mix-alpha", 0.01, 100),
        read.real("augment.mix-probability", 0, 1));
  }

  private Settings.Train train() {
    return new Settings.Train(
        read.integer("train.epochs", 1, 100_000),
        read.integer("train.global-batch", 1, 1_048_576),
        read.integer("train.lane-batch", 1, 65_536),
        read.integral("train.seed", Long.MIN_VALUE, Long.MAX_VALUE),
        read.text("train.split"),
        read.integral("train.max-samples", 0, MANY),
        read.text("train.validation-split"),
        read.integer("train.evaluate-every-epochs", 1, 100_000),
        read.integer("train.early-stopping-epochs", 0, 100_000),
        read.choice("train.best-metric", Settings.BestMetric.class),
        read.choice("train.save", Settings.Save.class),
        read.choice("train.non-finite", Settings.NonFinite.class),
        read.choice("train.step-engine", Settings.StepEngine.class),
        read.choice("train.device", Settings.TrainingDevice.class));
  }

  private OptimizerSettings optimizer() {
    return new OptimizerSettings(
        read.choice("optimizer.name", OptimizerSettings.OptimizerName.class),
        read.real("optimizer.momentum", 0, 0.9999),
        read.flag("optimizer.momentum-correction"),
        read.real("optimizer.beta1", 0, 0.9999),
        read.real("optimizer.beta2", 0, 0.999999),
        read.real("optimizer.epsilon", 0, 1),
        read.real("optimizer.bound-final-lr", 0, 1000),
        read.real("optimizer.bound-gamma", 1e-9, 1),
        read.real("optimizer.trust-coefficient", 0, 1000),
        read.real("optimizer.weight-decay", 0, 1),
        read.choice("optimizer.weight-decay-form", OptimizerSettings.WeightDecayForm.class),
        read.real("optimizer.weight-decay-l1", 0, 1),
        read.real("optimizer.clip-norm", 0, MANY),
        read.real("optimizer.clip-value", 0, MANY),
        read.real("optimizer.average-decay", 0, 0.999999));
  }

  private ScheduleSettings schedule() {
    return new ScheduleSettings(
        read.real("schedule.base-lr", 0, 1000),
        read.integer("schedule.base-batch", 1, 1_048_576),
        read.choice("schedule.scaling", ScheduleSettings.Scaling.class),
        read.choice("schedule.warmup", ScheduleSettings.Warmup.class),
        read.real("schedule.warmup-epochs", 0, 100_000),
        read.choice("schedule.decay", ScheduleSettings.Decay.class),
        read.reals("schedule.step-epochs", 0, 100_000),
        read.real("schedule.step-factor", 0, 1),
        read.real("schedule.exponential-factor", 0, 1),
        read.real("schedule.exponential-epochs", 0.001, 100_000),
        read.real("schedule.polynomial-power", 0, 100),
        read.real("schedule.end-factor", 0, 1),
        read.real("schedule.cycle-share", 0.01, 1),
        read.real("schedule.cycle-divisor", 1, MANY),
        read.atLayers("schedule.group-rates", 0, 1000));
  }

  private ClassWeights classWeights() {
    String key = "loss.class-weights";
    return read.isWord(key, ClassWeights.BALANCED)
        ? ClassWeights.balanced()
        : ClassWeights.of(read.reals(key, ClassWeights.BALANCED + " or ", 1e-6, 1e6));
  }

  private Settings.Cluster cluster() {
    return new Settings.Cluster(
        read.integer("cluster.executors", 1, 100_000),
        read.integer("cluster.cores-per-executor", 1, 1024),
        read.integer("cluster.executor-memory-mebibytes", 512, 4_194_304),
        read.integer("cluster.executor-overhead-mebibytes", 256, 4_194_304),
        read.integer("cluster.min-executors", 1, 100_000),
        read.integer("cluster.max-failures", 0, 100_000),
        read.integer("cluster.start-timeout-seconds", 1, 86_400),
        read.integer("cluster.stop-grace-seconds", 0, 86_400));
  }

  private Settings.Features features() {
    return new Settings.Features(
        read.text("features.layer"),
        read.choice("features.pooling", Settings.Pooling.class),
        read.integer("features.top", 0, 1000),
        read.choice("features.on-bad-image", Settings.OnBadImage.class),
        read.choice("features.device", Settings.Device.class),
        read.integer("features.images-per-file", 1, 10_000_000),
        read.path("features.path"));
  }

  private Settings.Head head() {
    return new Settings.Head(
        read.choice("head.kind", Settings.HeadKind.class),
        read.reals("head.regularisation", 0, 1e6),
        read.integer("head.max-iterations", 1, 100_000),
        read.integer("head.trees", 1, 10_000),
        read.integer("head.depth", 1, 30),
        read.real("head.validation-fraction", 0, 0.9),
        read.integer("head.partitions", 1, 100_000));
  }

  private void checkContradictions(Settings settings) {
    Settings.Train train = settings.train();
    Settings.Cluster cluster = settings.cluster();
    if (train.globalBatch() % train.laneBatch() != 0) {
      read.problem(
          "train.global-batch",
          "is %d, which is not a multiple of train.lane-batch = %d"
              .formatted(train.globalBatch(), train.laneBatch()));
    } else if (train.lanes() < cluster.executors()) {
      read.problem(
          "cluster.executors",
          "is %d, but train.global-batch / train.lane-batch = %d / %d gives only %d lanes; allowed: 1 to %d"
              .formatted(
                  cluster.executors(),
                  train.globalBatch(),
                  train.laneBatch(),
                  train.lanes(),
                  train.lanes()));
    }
    if (cluster.minExecutors() > cluster.executors()) {
      read.problem(
          "cluster.min-executors",
          "is %d, more than cluster.executors = %d"
              .formatted(cluster.minExecutors(), cluster.executors()));
    }
    if (settings.data().cachePath().contains(":/")) {
      read.problem(
          "data.cache-path", "is " + settings.data().cachePath() + ", allowed: a local folder");
    }
    if (settings.head().regularisation().isEmpty()) {
      read.problem("head.regularisation", "is empty, allowed: at least one number");
    }
    new WatchContradictions(read).check(settings.watch());
    new TrainingContradictions(read).check(settings);
    new AugmentContradictions(read).check(settings);
  }
}
