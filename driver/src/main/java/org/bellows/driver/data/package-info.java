/** What is told and shown of a prepared dataset: its statistics, made by a Spark job. */
package org.bellows.driver.data;
