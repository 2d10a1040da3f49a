package org.bellows.worker.model.torch;

/** What a pickle says of a tensor; whether it lies inside its storage is not yet checked. */
record TensorView(TorchStorage storage, long offset, long[] shape, long[] strides) {}
