// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Random numbers as a function of (seed, purpose, epoch, lane or sample): never of time, thread or
 * the order in which they are asked for. Nothing here knows of images or files.
 */
package org.bellows.data.random;
