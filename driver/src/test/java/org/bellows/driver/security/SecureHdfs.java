// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.security;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.minikdc.MiniKdc;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.bellows.testing.HdfsPauses;

/**
 * A main class: a Kerberos server and an HDFS that asks for its tickets, until standard input ends.
 * A process of its own, as Hadoop's security is a static of the whole JVM.
 */
public final class SecureHdfs {
  static final String USER = "trainer";
  static final String SITE = "conf/core-site.xml";
  static final String KEYTAB = "trainer.keytab";
  static final String KRB5 = "krb5.conf";
  static final String TOKENS = "tokens";

  /** Written last: its content is the address of the user's folder. */
  static final String READY = "ready";

  /** Where the user's folder lies on the local disk in the end. */
  static final String COPY = "copy";

  private final Path folder;
  private final MiniKdc kdc;

  private SecureHdfs(Path folder) throws Exception {
    this.folder = folder;
    kdc =
        new MiniKdc(MiniKdc.createConf(), Files.createDirectories(folder.resolve("kdc")).toFile());
    kdc.start();
    Files.copy(kdc.getKrb5conf().toPath(), folder.resolve(KRB5));
  }

  /**
   * @param args folder, and the source's folder, which is put into the user's
   */
  public static void main(String[] args) throws Exception {
    SecureHdfs server = new SecureHdfs(Path.of(args[0]));
    Configuration site = server.site();
    UserGroupInformation.setConfiguration(site);
    Configuration servers = new Configuration(site);
    servers.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, server.folder.resolve("hdfs").toString());
    // Else datanodes insist on ports that only root can open, or on certificates.
    servers.setBoolean("ignore.secure.ports.for.testing", true);
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(servers).numDataNodes(1).build();
    cluster.waitActive();
    site.set("fs.defaultFS", cluster.getURI().toString());
    server.offer(site, Path.of(args[1]));
    System.in.transferTo(OutputStream.nullOutputStream());
    FileSystem.get(site)
        .copyToLocalFile(
            home(), new org.apache.hadoop.fs.Path(server.folder.resolve(COPY).toUri()));
    cluster.shutdown();
    server.kdc.stop();
  }

  private Configuration site() throws Exception {
    File keytab = folder.resolve("server.keytab").toFile();
    kdc.createPrincipal(keytab, "hdfs/localhost", "HTTP/localhost");
    kdc.createPrincipal(folder.resolve(KEYTAB).toFile(), USER);
    Configuration site = new Configuration();
    HdfsPauses.shorten(site);
    site.set("hadoop.security.authentication", "kerberos");
    for (String server : new String[] {"dfs.namenode", "dfs.datanode"}) {
      site.set(server + ".kerberos.principal", "hdfs/localhost@" + kdc.getRealm());
      site.set(server + ".keytab.file", keytab.toString());
    }
    site.set("dfs.web.authentication.kerberos.principal", "HTTP/localhost@" + kdc.getRealm());
    site.set("dfs.web.authentication.kerberos.keytab", keytab.toString());
    site.setBoolean("dfs.block.access.token.enable", true);
    site.set("dfs.data.transfer.protection", "privacy");
    return site;
  }

  private static org.apache.hadoop.fs.Path home() {
    return new org.apache.hadoop.fs.Path("/" + USER);
  }

  private void offer(Configuration site, Path source) throws Exception {
    try (FileSystem files = FileSystem.newInstance(site)) {
      files.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(source.toUri()),
          new org.apache.hadoop.fs.Path(home(), "raw"));
      files.setOwner(home(), USER, USER);
      files.setPermission(home(), new FsPermission("700"));
    }
    write(site, Files.createDirectories(folder.resolve(SITE).getParent()).resolve("core-site.xml"));
    UserGroupInformation user =
        UserGroupInformation.loginUserFromKeytabAndReturnUGI(
            USER, folder.resolve(KEYTAB).toString());
    user.doAs((PrivilegedExceptionAction<Void>) () -> fetchTokens(site));
    Path ready = folder.resolve("about-ready");
    Files.writeString(ready, site.get("fs.defaultFS") + home());
    Files.move(ready, folder.resolve(READY));
  }

  private Void fetchTokens(Configuration site) throws IOException {
    Credentials tokens = new Credentials();
    try (FileSystem files = FileSystem.newInstance(site)) {
      files.addDelegationTokens(USER, tokens);
    }
    tokens.writeTokenStorageFile(
        new org.apache.hadoop.fs.Path(folder.resolve(TOKENS).toUri()), site);
    return null;
  }

  private static void write(Configuration site, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      site.writeXml(out);
    }
  }
}
