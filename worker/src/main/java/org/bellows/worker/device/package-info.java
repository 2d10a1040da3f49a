// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The GPU that a process computes on ({@code train.device = gpu}): which one it is, whether this
 * build supports it and the host has all libraries, and that no other process of the host uses it. Independent of Spark, which gives the
 * addresses, and of networks.
 */
package org.bellows.worker.device;
