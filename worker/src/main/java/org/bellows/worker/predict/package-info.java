// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Prediction in one process, for any number of threads that have pictures: classes of pictures,
 * class scores of their pixels, and the stream that decodes pictures ahead of the networks. No
 * Spark, and nothing that writes files.
 */
package org.bellows.worker.predict;
