package org.bellows.driver.command;

import picocli.CommandLine;

/** The jar's version; "development" from class folders. */
final class Version implements CommandLine.IVersionProvider {

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"bellows " + text()};
  }
}
