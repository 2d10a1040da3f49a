// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What models' cards say: how an import becomes a model with one, and how a trained model is shown
 * pictures.
 */
package org.bellows.driver.model;
