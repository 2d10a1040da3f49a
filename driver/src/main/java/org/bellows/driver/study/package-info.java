/** Studies: what their trainings came to, as text, Markdown and a page. */
package org.bellows.driver.study;
