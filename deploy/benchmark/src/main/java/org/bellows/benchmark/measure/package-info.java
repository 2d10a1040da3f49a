// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What the measurements of one network beside other software have in common: which network on how
 * many images, the options of rounds, the process that measures, the table. Nothing that computes a
 * network may be here.
 */
package org.bellows.benchmark.measure;
