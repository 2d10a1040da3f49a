/** {@code data} and its subcommands, a class each. */
package org.bellows.driver.command.data;
