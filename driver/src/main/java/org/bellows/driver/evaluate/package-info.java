/** Evaluation of a trained model as a Spark job. */
package org.bellows.driver.evaluate;
