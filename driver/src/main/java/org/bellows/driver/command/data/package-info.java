// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** {@code data} and its subcommands, a class each. */
package org.bellows.driver.command.data;
