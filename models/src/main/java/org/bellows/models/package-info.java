// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Networks as data, and what acts on their flat parameter vector: optimizers and schedules. */
package org.bellows.models;
