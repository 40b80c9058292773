package io.surveygateway.forward;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to addresses of the Internet, and refuses those that lead elsewhere.
 *
 * <p>The connection goes to the very addresses that were looked at: a name cannot lead somewhere
 * else in between (DNS rebinding). One bad address among several is enough to refuse: nobody who
 * means well mixes them. Addresses that are written as numbers come this way, too.
 */
final class PublicDns implements DnsResolver {

  private final DnsResolver dns;

  PublicDns(DnsResolver dns) {
    this.dns = dns;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    var addresses = dns.resolve(host);
    if (addresses == null || addresses.length == 0) {
      throw new UnknownHostException("No address");
    }
    for (var address : addresses) {
      var complaint = PublicAddresses.complaint(address);
      if (complaint.isPresent()) {
        throw new RefusedAddressException(
            "Expected the host of FORWARD_URL to have a public address, and got %s: %s. For a network of your own, set FORWARD_ALLOW_PRIVATE=true"
                .formatted(address.getHostAddress(), complaint.get()));
      }
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    // Asked for Kerberos alone, which is not used.
    throw new UnknownHostException("Not asked for");
  }
}
