// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Weights of Keras in HDF5 files, read without Keras, without native code and without running
 * anything: {@link org.bellows.worker.model.keras.Hdf5File} knows as much of the format as Keras
 * uses, {@link org.bellows.worker.model.keras.KerasFile} its names. DL4J's own import builds a
 * network of its own from what the file says; here the file only fills a network that we know.
 */
package org.bellows.worker.model.keras;
