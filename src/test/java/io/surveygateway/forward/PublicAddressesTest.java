package io.surveygateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2001:200::1",
        "2003::1",
        "3ffe::1",
        "64:ff9b::101:101"
      })
  void areThoseOfTheInternet(String address) throws Exception {
    assertThat(PublicAddresses.complaint(InetAddress.getByName(address))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, no host",
    "10.0.0.0, private",
    "10.255.255.255, private",
    "100.64.0.0, a provider's own (carrier-grade NAT)",
    "100.127.255.255, a provider's own (carrier-grade NAT)",
    "127.0.0.1, this machine",
    "127.255.255.255, this machine",
    "168.63.129.16, a cloud's own service",
    "'169.254.169.254', 'link-local, where clouds keep credentials'",
    "172.16.0.0, private",
    "172.31.255.255, private",
    "192.0.0.192, reserved",
    "192.168.0.1, private",
    "198.19.255.255, for benchmarks",
    "203.0.113.7, for documentation",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "255.255.255.255, reserved",
    "::, not of the Internet",
    "::1, this machine",
    "::ffff:127.0.0.1, this machine",
    "::ffff:10.1.2.3, private",
    "::127.0.0.1, not of the Internet",
    "fc00::1, private (unique local)",
    "fd00:ec2::254, private (unique local)",
    "fe80::1, link-local",
    "fec0::1, not of the Internet",
    "ff02::1, multicast",
    "2001::1, reserved",
    "2001:db8::1, for documentation",
    "2002:7f00:1::, an IPv4 address in disguise (6to4)",
    "64:ff9b::7f00:1, this machine",
    "64:ff9b:1::a00:1, not of the Internet"
  })
  void areNotThoseOfOurOwn(String address, String words) throws Exception {
    assertThat(PublicAddresses.complaint(InetAddress.getByName(address))).contains(words);
  }

  @Test
  void areNotMappedOnesThatJavaWasKeptFromReading() throws Exception {
    var bytes = new byte[16];
    bytes[10] = bytes[11] = (byte) 0xff;
    bytes[12] = 127;
    bytes[15] = 1;

    assertThat(PublicAddresses.complaint(Inet6Address.getByAddress("mapped", bytes, 0)))
        .contains("not of the Internet");
  }
}
