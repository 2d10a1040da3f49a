// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Options that several commands share. */
package org.bellows.driver.command.option;
