// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** The learning rate as a pure function of the step. */
package org.bellows.models.schedule;
