// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.help;

import java.util.List;

/**
 * Commands that belong together on a help page.
 *
 * @param title the purpose of the commands, in a word or two
 * @param commands their names, in the order of the page
 */
public record CommandGroup(String title, List<String> commands) {}
