/** Options that several commands share. */
package org.bellows.driver.command.option;
