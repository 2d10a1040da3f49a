package org.bellows.driver.registry;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalRegistryTest extends RegistryContract {
  @TempDir Path folder;

  @Override
  protected String root() {
    return folder.toString();
  }
}
