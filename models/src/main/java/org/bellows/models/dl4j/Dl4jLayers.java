// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Concatenation;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.Dense;
import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.GlobalAveragePool;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;
import org.bellows.models.layer.ZeroPadding;
import org.bellows.models.loss.HeadLoss;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Adds one layer to DL4J's graph; each answers with the graph. */
final class Dl4jLayers implements Layer.Visitor<GraphBuilder> {
  private static final org.nd4j.linalg.activations.Activation SOFTMAX =
      org.nd4j.linalg.activations.Activation.SOFTMAX;
  private static final org.nd4j.linalg.activations.Activation SIGMOID =
      org.nd4j.linalg.activations.Activation.SIGMOID;

  private final GraphBuilder graph;
  private final Vertex vertex;

  Dl4jLayers(GraphBuilder graph, Vertex vertex) {
    this.graph = graph;
    this.vertex = vertex;
  }

  private GraphBuilder add(org.deeplearning4j.nn.conf.layers.Layer layer) {
    return graph.addLayer(vertex.name(), layer, vertex.from());
  }

  private GraphBuilder add(GraphVertex other) {
    return graph.addVertex(vertex.name(), other, vertex.inputs().toArray(String[]::new));
  }

  @Override
  public GraphBuilder convolution(Convolution layer) {
    Kernel window = layer.window();
    ConvolutionLayer translated =
        layer.isDepthwise()
            ? depthwise(layer)
            : new ConvolutionLayer.Builder(kernel(window))
                .nOut(layer.channels())
                .stride(stride(window))
                .padding(padding(window))
                .build();
    translated.setDilation(dilation(window));
    translated.setHasBias(layer.hasBias());
    translated.setBiasInit(layer.initialBias());
    translated.setActivationFn(Dl4jWords.activation(layer.activation()).getActivationFunction());
    translated.setWeightInitFn(Dl4jWords.weights(layer.weights()));
    return add(translated);
  }

  private ConvolutionLayer depthwise(Convolution layer) {
    Kernel window = layer.window();
    DepthwiseConvolution2D.Builder depthwise =
        new DepthwiseConvolution2D.Builder(kernel(window))
            .depthMultiplier(1)
            .nIn(layer.channels())
            .nOut(layer.channels())
            .stride(stride(window))
            .padding(padding(window));
    return window.dilation() == 1
        ? depthwise.build()
        : new DilatedDepthwise(depthwise, window, vertex.shape().asMap());
  }

  @Override
  public GraphBuilder transposedConvolution(TransposedConvolution layer) {
    Kernel window = layer.window();
    ConvolutionLayer translated =
        layer.isDepthwise()
            ? new DepthwiseDeconvolution(window, vertex.shape().asMap())
            : new Deconvolution2D.Builder(kernel(window), stride(window), padding(window))
                .nOut(layer.channels())
                .build();
    translated.setDilation(dilation(window));
    translated.setHasBias(layer.hasBias());
    translated.setBiasInit(layer.initialBias());
    translated.setActivationFn(Dl4jWords.activation(layer.activation()).getActivationFunction());
    translated.setWeightInitFn(Dl4jWords.weights(layer.weights()));
    return add(translated);
  }

  @Override
  public GraphBuilder crop(Crop layer) {
    LayerShape.FeatureMap map = vertex.inputShapes().get(0).asMap();
    LayerShape.FeatureMap size = vertex.inputShapes().get(1).asMap();
    return add(new CropVertex(layer.top(map, size), layer.left(map, size), vertex.shape().asMap()));
  }

  @Override
  public GraphBuilder resize(Resampling layer) {
    return add(new SeparableVertex(layer, vertex.inputs().size(), vertex.shape().asMap()));
  }

  @Override
  public GraphBuilder adaptiveAverage(AdaptiveAverage layer) {
    return add(new SeparableVertex(layer, 1, vertex.shape().asMap()));
  }

  @Override
  public GraphBuilder unpool(Unpool layer) {
    return add(new UnpoolVertex(layer));
  }

  @Override
  public GraphBuilder dense(Dense layer) {
    return add(
        new DenseLayer.Builder()
            .nOut(layer.units())
            .activation(Dl4jWords.activation(layer.activation()))
            .weightInit(Dl4jWords.weights(layer.weights()))
            .biasInit(layer.initialBias())
            .build());
  }

  /** The logarithm of the deviation would average geometrically over lanes, so it is off. */
  @Override
  public GraphBuilder batchNorm(BatchNorm layer) {
    return add(
        layer.isFrozen()
            ? new FrozenNorm(layer)
            : new BatchNormalization.Builder()
                .useLogStd(false)
                .eps(layer.epsilon())
                .decay(layer.decay())
                .gamma(layer.gamma())
                .build());
  }

  @Override
  public GraphBuilder pool(Pool layer) {
    SubsamplingLayer.Builder pool =
        new SubsamplingLayer.Builder(Dl4jWords.type(layer.type()))
            .kernelSize(kernel(layer.window()))
            .stride(stride(layer.window()))
            .padding(padding(layer.window()))
            .dilation(dilation(layer.window()));
    return add(
        layer.roundsUp() ? pool.convolutionMode(ConvolutionMode.Same).build() : pool.build());
  }

  @Override
  public GraphBuilder globalAverage(GlobalAveragePool layer) {
    return add(new GlobalPoolingLayer(Dl4jWords.type(PoolingType.AVG)));
  }

  @Override
  public GraphBuilder activation(ActivationLayer layer) {
    return add(new SeparateActivation(layer.activation()));
  }

  @Override
  public GraphBuilder dropout(Dropout layer) {
    return add(new DropoutLayer(1 - layer.probability()));
  }

  @Override
  public GraphBuilder zeroPadding(ZeroPadding layer) {
    int[] sides = {layer.top(), layer.bottom(), layer.left(), layer.right()};
    return add(new ZeroPaddingLayer.Builder(sides).build());
  }

  @Override
  public GraphBuilder denseHead(DenseHead layer) {
    return add(
        new OutputLayer.Builder(loss(layer.loss(), layer.classes()))
            .nOut(layer.classes())
            .activation(answer(layer.loss()))
            .weightInit(Dl4jWords.weights(layer.weights()))
            .build());
  }

  @Override
  public GraphBuilder softmaxHead(SoftmaxHead layer) {
    long classes = vertex.shape().elements();
    LossLayer loss =
        new LossLayer.Builder(loss(layer.loss(), classes)).activation(answer(layer.loss())).build();
    loss.setNOut(classes);
    return add(loss);
  }

  @Override
  public GraphBuilder pixelHead(PixelHead layer) {
    LayerShape.FeatureMap map = vertex.shape().asMap();
    return add(
        new CnnLossLayer.Builder(new PixelTargetLoss(layer.loss(), map.height() * map.width()))
            .activation(SOFTMAX)
            .build());
  }

  @Override
  public GraphBuilder sum(Sum layer) {
    return add(new ElementWiseVertex(ElementWiseVertex.Op.Add));
  }

  @Override
  public GraphBuilder concatenation(Concatenation layer) {
    return add(new MergeVertex());
  }

  @Override
  public GraphBuilder scale(Scale layer) {
    return add(new ScaleVertex(layer.factor()));
  }

  @Override
  public GraphBuilder channelRange(ChannelRange layer) {
    return add(new ChannelRangeVertex(layer));
  }

  @Override
  public GraphBuilder channelScale(ChannelScale layer) {
    return add(new ChannelScaleVertex());
  }

  @Override
  public GraphBuilder responseNorm(LocalResponseNorm layer) {
    return add(new LocalResponseNormVertex(layer));
  }

  @Override
  public GraphBuilder stochasticDepth(StochasticDepth layer) {
    return add(new StochasticDepthVertex(layer));
  }

  private static int[] kernel(Kernel kernel) {
    return new int[] {kernel.height(), kernel.width()};
  }

  private static int[] stride(Kernel kernel) {
    return new int[] {kernel.stride(), kernel.stride()};
  }

  private static int[] padding(Kernel kernel) {
    return new int[] {kernel.padHeight(), kernel.padWidth()};
  }

  private static int[] dilation(Kernel kernel) {
    return new int[] {kernel.dilation(), kernel.dilation()};
  }

  private static org.nd4j.linalg.activations.Activation answer(HeadLoss loss) {
    return loss.isMultiLabel() ? SIGMOID : SOFTMAX;
  }

  /** DL4J's own cross-entropy takes distributions; an auxiliary head weighs all classes alike. */
  private static ILossFunction loss(HeadLoss loss, long classes) {
    if (!loss.isPlain()) {
      return new TargetLoss(loss);
    }
    return loss.factor() == 1
        ? new LossMCXENT()
        : new LossMCXENT(Nd4j.valueArrayOf(new long[] {1, classes}, loss.factor(), DataType.FLOAT));
  }
}
