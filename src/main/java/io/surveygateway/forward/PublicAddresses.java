package io.surveygateway.forward;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tells addresses of the Internet from those of our own machine, network or cloud.
 *
 * <p>Refused is what IANA's registries of special-purpose addresses do not call globally reachable,
 * and multicast; of IPv6 everything but global unicast (2000::/3) and, for networks that translate
 * (64:ff9b::/96, RFC 6052), what stands for a public IPv4 address. Java reads an IPv4-mapped
 * address ({@code ::ffff:127.0.0.1}) as the IPv4 address that it is. Immutable.
 */
final class PublicAddresses {

  private static final Block GLOBAL_UNICAST = block("2000::/3", "");
  private static final Block TRANSLATED = block("64:ff9b::/96", "");

  private static final List<Block> REFUSED =
      List.of(
          block("0.0.0.0/8", "no host"),
          block("10.0.0.0/8", "private"),
          block("100.64.0.0/10", "a provider's own (carrier-grade NAT)"),
          block("127.0.0.0/8", "this machine"),
          block("168.63.129.16/32", "a cloud's own service"),
          block("169.254.0.0/16", "link-local, where clouds keep credentials"),
          block("172.16.0.0/12", "private"),
          block("192.0.0.0/24", "reserved"),
          block("192.0.2.0/24", "for documentation"),
          block("192.88.99.0/24", "reserved"),
          block("192.168.0.0/16", "private"),
          block("198.18.0.0/15", "for benchmarks"),
          block("198.51.100.0/24", "for documentation"),
          block("203.0.113.0/24", "for documentation"),
          block("224.0.0.0/4", "multicast"),
          block("240.0.0.0/4", "reserved"),
          block("::1/128", "this machine"),
          block("fc00::/7", "private (unique local)"),
          block("fe80::/10", "link-local"),
          block("ff00::/8", "multicast"),
          block("2001::/23", "reserved"),
          block("2001:db8::/32", "for documentation"),
          block("2002::/16", "an IPv4 address in disguise (6to4)"),
          block("3fff::/20", "for documentation"));

  private PublicAddresses() {}

  /** What an address is instead of public, in a few words; empty if it is public. */
  static Optional<String> complaint(InetAddress address) {
    return complaint(address.getAddress());
  }

  private static Optional<String> complaint(byte[] address) {
    for (var refused : REFUSED) {
      if (refused.holds(address)) {
        return Optional.of(refused.words);
      }
    }
    if (address.length == 4 || GLOBAL_UNICAST.holds(address)) {
      return Optional.empty();
    }
    return TRANSLATED.holds(address)
        ? complaint(Arrays.copyOfRange(address, 12, 16))
        : Optional.of("not of the Internet");
  }

  private static Block block(String cidr, String words) {
    var slash = cidr.indexOf('/');
    try {
      // A literal: nobody is asked.
      var first = InetAddress.getByName(cidr.substring(0, slash)).getAddress();
      return new Block(first, Integer.parseInt(cidr.substring(slash + 1)), words);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(cidr, e);
    }
  }

  /** Addresses of one family whose first bits are these. */
  private record Block(byte[] first, int bits, String words) {

    boolean holds(byte[] address) {
      if (address.length != first.length) {
        return false;
      }
      for (var bit = 0; bit < bits; bit++) {
        var mask = 0x80 >> bit % 8;
        if ((address[bit / 8] & mask) != (first[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
