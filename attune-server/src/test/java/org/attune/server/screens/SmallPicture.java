package org.attune.server.screens;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Makes pictures of screens small enough for a repository: fewer pixels, and few colours. */
final class SmallPicture {

  private static final int WIDTH = 880;
  private static final int MOST_COLOURS = 64;

  /** Drops the lowest bits of each channel, which nobody sees. */
  private static final int COARSE = 0xF8F8F8;

  private SmallPicture() {}

  static void write(byte[] screenshot, Path file) throws IOException {
    BufferedImage large = ImageIO.read(new ByteArrayInputStream(screenshot));
    int height = large.getHeight() * WIDTH / large.getWidth();
    BufferedImage scaled = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = scaled.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    canvas.drawImage(large, 0, 0, WIDTH, height, null);
    canvas.dispose();
    Files.createDirectories(file.getParent());
    ImageIO.write(indexed(scaled), "png", file.toFile());
  }

  /** Each pixel in the nearest of the colours that are there most. */
  private static BufferedImage indexed(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    Map<Integer, Integer> counts = new HashMap<>();
    for (int pixel : pixels) {
      counts.merge(pixel & COARSE, 1, Integer::sum);
    }
    List<Integer> colours =
        counts.entrySet().stream()
            .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
            .limit(MOST_COLOURS)
            .map(Map.Entry::getKey)
            .toList();
    int[] palette = colours.stream().mapToInt(Integer::intValue).toArray();
    IndexColorModel model =
        new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
    BufferedImage indexed =
        new BufferedImage(
            image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
    Map<Integer, Integer> nearest = new HashMap<>();
    for (int i = 0; i < pixels.length; i++) {
      int index = nearest.computeIfAbsent(pixels[i] & COARSE, colour -> nearest(palette, colour));
      indexed.getRaster().setSample(i % image.getWidth(), i / image.getWidth(), 0, index);
    }
    return indexed;
  }

  private static int nearest(int[] palette, int colour) {
    int best = 0;
    for (int i = 1; i < palette.length; i++) {
      if (distance(palette[i], colour) < distance(palette[best], colour)) {
        best = i;
      }
    }
    return best;
  }

  private static int distance(int one, int other) {
    int sum = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      int difference = (one >> shift & 0xFF) - (other >> shift & 0xFF);
      sum += difference * difference;
    }
    return sum;
  }
}
