// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Prediction of the class of each pixel in one process: pictures in, class scores out, for any
 * number of threads. No Spark, and nothing that writes files.
 */
package org.bellows.worker.predict;
