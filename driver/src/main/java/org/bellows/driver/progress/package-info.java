/** Progress of long work on the terminal. */
package org.bellows.driver.progress;
