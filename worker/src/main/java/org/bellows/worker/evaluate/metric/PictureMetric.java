// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** A mean over pictures of a number that each picture has, or that some have. */
public non-sealed interface PictureMetric extends Metric {}
