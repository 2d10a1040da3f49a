/** Whole runs on real executors that fail as a schedule says: {@link org.bellows.driver.fault}. */
package org.bellows.driver.recovery;
