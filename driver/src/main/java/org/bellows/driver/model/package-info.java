// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Models that were not trained here: how an import becomes a model with its card. */
package org.bellows.driver.model;
