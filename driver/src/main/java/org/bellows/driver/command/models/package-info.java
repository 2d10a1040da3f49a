// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** {@code models} and its subcommands, a class each, and how they write the registry's versions. */
package org.bellows.driver.command.models;
