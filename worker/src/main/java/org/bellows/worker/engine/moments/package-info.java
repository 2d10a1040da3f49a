// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * BatchNorm's moments over all lanes: what lanes tell each other, in double precision. Nothing here
 * may know oneDNN.
 */
package org.bellows.worker.engine.moments;
