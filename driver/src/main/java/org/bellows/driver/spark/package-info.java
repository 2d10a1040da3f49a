/** Spark contexts sized for a run, and the plugin through which executors report to the driver. */
package org.bellows.driver.spark;
