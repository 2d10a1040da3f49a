// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.device.DeviceErrors;
import org.bellows.worker.device.FailedDeviceException;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.HostGradientSums;
import org.bellows.worker.engine.NetworkSizes;
import org.bellows.worker.engine.PassTimes;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.torch.node.Node;
import org.bellows.worker.engine.torch.pass.FlatTensors;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bellows.worker.engine.torch.pass.SentPictures;
import org.bellows.worker.engine.torch.pass.TorchDevice;
import org.bellows.worker.engine.torch.pass.TorchMode;
import org.bellows.worker.engine.torch.translate.NetworkNodes;
import org.bellows.worker.natives.TorchLibraries;
import org.bellows.worker.parallel.LaneCombiner;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** A network's forward and backward pass on PyTorch's operations. A pass makes its nodes anew. */
final class TorchEngine implements StepEngine {
  private final NetworkGraph network;
  private final NetworkSizes sizes;
  private final FlatLayout layout;
  private final TorchDevice device;
  private final FlatTensors vectors;
  private final GradientSums sums;
  private LaneCombiner lanes = LaneCombiner.ONE_LANE;

  /** Pictures of the lane that comes next; null: none are known. */
  private SentPictures expected;

  TorchEngine(EngineNetwork network, TorchMode mode) {
    TorchLibraries.load();
    this.network = network.graph();
    this.sizes = network.sizes();
    this.layout = network.layout();
    this.device = new TorchDevice(mode, mode.areChannelsLast(this.network.inputShape().channels()));
    this.vectors = vectors(() -> new FlatTensors(device, layout));
    this.sums = mode.isAsOnGpu() ? new DeviceSums(this) : new HostGradientSums(this);
    try {
      writeParameters(network.parameters());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private TorchEngine(TorchEngine other, boolean ownParameters) {
    this.network = other.network;
    this.sizes = other.sizes;
    this.layout = other.layout;
    this.device = new TorchDevice(other.device.mode(), other.device.areChannelsLast());
    this.vectors = vectors(() -> other.vectors.beside(ownParameters));
    this.sums =
        other.sums instanceof DeviceSums ofDevice
            ? ofDevice.beside(this)
            : ((HostGradientSums) other.sums).beside(this);
  }

  /** The device may have no memory for them. */
  private FlatTensors vectors(Supplier<FlatTensors> making) {
    try {
      return making.get();
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }

  @Override
  public FlatLayout layout() {
    return layout;
  }

  @Override
  public void readParameters(float[] target) {
    guard(
        () -> {
          vectors.read(target);
          return null;
        });
  }

  @Override
  public void writeParameters(float[] source) {
    guard(
        () -> {
          vectors.write(source);
          return null;
        });
  }

  @Override
  public double gradient(float[] pixels, float[] targets, long seed, float[] gradient) {
    return guard(
        () -> {
          double loss = train(pixels, targets, seed, null);
          vectors.readGradient(gradient);
          return loss;
        });
  }

  /**
   * @param times null: no time is taken
   */
  private double train(float[] pixels, float[] targets, long seed, NodeTimes times) {
    try (SentPictures sent = takeExpected(pixels)) {
      Pass.Training training = new Pass.Training(targets, seed, lanes, sent);
      Pass pass = new Pass(device, vectors, pixels, samples(pixels), training);
      run(pass, new NetworkNodes(network, network.heads()), "", times);
      return pass.loss();
    }
  }

  /** Sends pictures while the last lane may still be computed. */
  void expect(float[] pixels) {
    dropExpected();
    expected = guard(() -> new SentPictures(device, pixels));
  }

  /**
   * @return null: other pictures were sent, or none
   */
  private SentPictures takeExpected(float[] pixels) {
    if (expected == null || !expected.areOf(pixels)) {
      dropExpected();
      return null;
    }
    SentPictures taken = expected;
    expected = null;
    return taken;
  }

  private void dropExpected() {
    if (expected != null) {
      expected.close();
      expected = null;
    }
  }

  private int samples(float[] pixels) {
    return pixels.length / network.inputShape().elements();
  }

  @Override
  public Optional<StepProfile> profile(float[] pixels, float[] targets, int rounds) {
    float[] parameters = new float[layout.length()];
    float[] gradient = new float[layout.length()];
    readParameters(parameters);
    return Optional.of(
        PassTimes.profile(
            () -> new NodeTimes(device),
            samples(pixels),
            rounds,
            times ->
                guard(
                    () -> {
                      vectors.write(parameters);
                      times.begin();
                      double loss = train(pixels, targets, 0, times);
                      vectors.readGradient(gradient);
                      return loss;
                    })));
  }

  @Override
  public Optional<StepProfile> profileInference(float[] pixels, int rounds) {
    int n = samples(pixels);
    return Optional.of(
        PassTimes.profile(
            () -> new NodeTimes(device),
            n,
            rounds,
            times ->
                guard(
                    () -> {
                      times.begin();
                      return infer(pixels, n, network, network.answer(), times);
                    })));
  }

  /** Gradient and loss, in the device's memory. */
  Tensor laneGradient(float[] pixels, float[] targets, long seed) {
    return guard(() -> vectors.takeGradient(train(pixels, targets, seed, null)));
  }

  FlatTensors vectors() {
    return vectors;
  }

  TorchDevice device() {
    return device;
  }

  /** Runs what may fail for reasons that lie in the device. */
  <T> T guard(Supplier<T> computing) {
    return guard(device.mode(), computing);
  }

  /** Likewise, where there is no engine yet. */
  static <T> T guard(TorchMode mode, Supplier<T> computing) {
    try {
      return computing.get();
    } catch (RuntimeException e) {
      RuntimeException known = DeviceErrors.translate(e, mode.device());
      if (known instanceof FailedDeviceException) {
        ProcessDevice.onFailed();
      }
      throw known;
    }
  }

  @Override
  public GradientSums gradientSums() {
    return sums;
  }

  @Override
  public StepEngine beside(boolean ownParameters) {
    return guard(() -> new TorchEngine(this, ownParameters));
  }

  @Override
  public void meet(LaneCombiner others) {
    lanes = others;
  }

  @Override
  public float[] probabilities(float[] pixels, int n) {
    return infer(pixels, n, network, network.answer());
  }

  @Override
  public float[] activations(float[] pixels, int n, String vertex) {
    return infer(pixels, n, network, vertex);
  }

  @Override
  public float[] activations(float[] pixels, int n, InputShape picture, String vertex) {
    return infer(pixels, n, sizes.at(picture), vertex);
  }

  private float[] infer(float[] pixels, int n, NetworkGraph sized, String vertex) {
    return guard(() -> infer(pixels, n, sized, vertex, null));
  }

  private float[] infer(float[] pixels, int n, NetworkGraph sized, String vertex, NodeTimes times) {
    Pass pass = new Pass(device, vectors, pixels, n, null);
    run(pass, new NetworkNodes(sized, List.of(vertex)), vertex, times);
    return pass.output();
  }

  /**
   * @param wanted vertex whose output becomes the pass's; empty: none
   * @param times null: no time is taken
   */
  private void run(Pass pass, NetworkNodes network, String wanted, NodeTimes times) {
    List<Node> nodes = network.all();
    nodes.forEach(node -> node.inputs().forEach(Node::addReader));
    if (!wanted.isEmpty()) {
      network.node(wanted).addReader();
    }
    // Nothing of PyTorch's own records of what was computed is needed.
    try (InferenceMode mode = new InferenceMode(true)) {
      for (Node node : nodes) {
        node.forward(pass);
        note(times, node, "forward");
      }
      if (!wanted.isEmpty() && !network.node(wanted).isHead()) {
        answer(pass, network.node(wanted));
      }
      if (pass.isTraining()) {
        vectors.clearGradient();
        for (int i = nodes.size() - 1; i >= 0; i--) {
          nodes.get(i).backward(pass);
          note(times, nodes.get(i), "backward");
        }
      }
    } finally {
      nodes.forEach(Node::release);
    }
  }

  private static void note(NodeTimes times, Node node, String phase) {
    if (times != null) {
      times.done(node, phase);
    }
  }

  private static void answer(Pass pass, Node node) {
    try (PointerScope scope = new PointerScope()) {
      pass.setOutput(pass.device().read(node.output()));
    }
  }

  @Override
  public void close() {
    dropExpected();
    vectors.close();
    device.close();
  }
}
