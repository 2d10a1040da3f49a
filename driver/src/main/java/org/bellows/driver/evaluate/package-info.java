// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Evaluation of a trained model as a Spark job. */
package org.bellows.driver.evaluate;
