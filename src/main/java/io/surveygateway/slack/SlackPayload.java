package io.surveygateway.slack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import com.slack.api.model.Message;
import com.slack.api.model.block.LayoutBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A message whose blocks arrive at Slack as they were laid out, by token and by webhook.
 *
 * <p>camel-slack writes a {@link Message} for a webhook with a plain {@link Gson}: members named in
 * camel case, which Slack does not know, and a dozen false ones beside. This one says itself what
 * is written there; by token, camel-slack asks it for text and blocks.
 */
@JsonAdapter(SlackPayload.AsLaidOut.class)
final class SlackPayload extends Message {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param message {@code {text, blocks}} that Slack takes
   */
  SlackPayload(ObjectNode message) {
    setText(message.path("text").asText());
    var blocks = new ArrayList<LayoutBlock>();
    for (var block : message.path("blocks")) {
      blocks.add(new RawBlock(JSON.convertValue(block, new TypeReference<>() {})));
    }
    setBlocks(blocks);
  }

  /** A block as it was laid out: Gson writes a map as it is, whatever it makes of names. */
  static final class RawBlock extends LinkedHashMap<String, Object> implements LayoutBlock {

    RawBlock(Map<String, Object> block) {
      super(block);
    }

    @Override
    public String getType() {
      return (String) get("type");
    }

    @Override
    public String getBlockId() {
      return (String) get("block_id");
    }
  }

  /** What a webhook is sent. */
  static final class AsLaidOut implements TypeAdapterFactory {

    @Override
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
      return new TypeAdapter<>() {
        @Override
        public void write(JsonWriter out, T value) throws IOException {
          var payload = (SlackPayload) value;
          var message = new LinkedHashMap<String, Object>();
          if (payload.getChannel() != null && !payload.getChannel().isBlank()) {
            message.put("channel", payload.getChannel());
          }
          message.put("text", payload.getText());
          message.put("blocks", List.copyOf(payload.getBlocks()));
          // As by token: nobody's address makes Slack fetch and show a page.
          message.put("unfurl_links", false);
          message.put("unfurl_media", false);
          gson.toJson(message, Map.class, out);
        }

        @Override
        public T read(JsonReader in) {
          throw new UnsupportedOperationException("A message is only sent");
        }
      };
    }
  }
}
