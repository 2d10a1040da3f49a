// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Help pages: how a command describes itself on a terminal. No command. */
package org.bellows.driver.command.help;
