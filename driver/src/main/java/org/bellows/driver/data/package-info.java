/** Statistics of a prepared dataset for the terminal and the page, made by a Spark job. */
package org.bellows.driver.data;
