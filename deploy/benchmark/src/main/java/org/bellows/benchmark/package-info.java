// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Measurements of Bellows beside other people's software, and between hosts. Never part of the bundle: its
 * dependencies are downloaded by the user who measures. Nothing of Bellows may import anything from
 * here.
 */
package org.bellows.benchmark;
