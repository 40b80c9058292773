package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Keeps a password as its HMAC-SHA256 under a key that lives and dies with the process.
 *
 * <p>Made for passwords that are compared with every request and stored nowhere. A slow hash
 * protects a stolen password file, and there is none; here it would cost 60 ms of a core for each
 * request, a wrong one too. Compares in constant time. Safe for use by many threads.
 */
final class ProcessPasswords implements PasswordEncoder {

  private final SecretKeySpec key;

  ProcessPasswords() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    key = new SecretKeySpec(bytes, "HmacSHA256");
  }

  @Override
  public String encode(CharSequence password) {
    return Base64.getEncoder().encodeToString(hash(password));
  }

  @Override
  public boolean matches(CharSequence password, String encoded) {
    return MessageDigest.isEqual(hash(password), Base64.getDecoder().decode(encoded));
  }

  private byte[] hash(CharSequence password) {
    try {
      var mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      return mac.doFinal(password.toString().getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
    }
  }
}
