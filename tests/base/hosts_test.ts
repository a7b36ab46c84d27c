import { assertEquals } from "@std/assert";
import { type AddressKind, classifyAddress, isLoopback } from "../../lib/base/mod.ts";

const KINDS: Readonly<Record<AddressKind, readonly string[]>> = {
  loopback: [
    "127.0.0.1",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0X7F.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "[::ffff:7f00:1]",
  ],
  private: [
    "10.0.0.5",
    "10.5",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "0xc0a80101",
    "3232235777",
    "100.64.0.1",
    "100.127.255.255",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2002:c0a8:0101::1",
  ],
  "link-local": ["169.254.169.254", "0xa9fea9fe", "fe80::1", "[fe80::1%25eth0]", "fe80::1%eth0", "febf::1"],
  unspecified: ["0.0.0.0", "0", "0x0", "::", "[::]", "::ffff:0.0.0.0"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1", "ffff::"],
  reserved: [
    "0.1.2.3",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "240.0.0.1",
    "255.255.255.255",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::",
    "100::1",
    "1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff:fff::1",
    "4000::1",
  ],
  public: [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.0.1",
    "198.17.0.1",
    "198.20.0.1",
    "223.255.255.255",
    "134744072",
    "2606:4700::1111",
    "[2606:4700::1111]",
    "2001:4860::8888",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
    "3ffe::1",
  ],
};

for (const [kind, addresses] of Object.entries(KINDS)) {
  for (const address of addresses) {
    Deno.test(`classifyAddress() classifies "${address}" as ${kind}`, () => {
      assertEquals(classifyAddress(address), kind);
      assertEquals(isLoopback(address), kind === "loopback");
    });
  }
}

const NAMES = [
  "",
  ".",
  "civitai.com",
  "127.evil.example",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "evil-localhost",
  "1.2.3.4.5",
  "127.0.0.256",
  "256.1",
  "127..1",
  "0x",
  "0x7g",
  "08.0.0.1",
  "4294967296",
  "127.0.0.1:80",
  " 127.0.0.1",
  "::1::",
  "[::1",
  "::1]",
  "[127.0.0.1]",
  "12345::1",
  "::ffff:127.0.0.256",
];

for (const name of NAMES) {
  Deno.test(`classifyAddress() returns null for "${name}"`, () => {
    assertEquals([classifyAddress(name), isLoopback(name)], [null, false]);
  });
}

for (const name of ["localhost", "LOCALHOST", "localhost.", "app.localhost", "a.b.localhost."]) {
  Deno.test(`isLoopback() accepts the name "${name}"`, () => {
    assertEquals([isLoopback(name), classifyAddress(name)], [true, null]);
  });
}
