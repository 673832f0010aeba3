using System.Buffers.Binary;
using System.Text;

namespace Gain.Tests.Balancer;

/// <summary>First messages of TLS clients, byte by byte as RFC 8446 and RFC 6066 have them.</summary>
internal static class ClientHellos
{
    /// <summary>A message that asks for a name, with another extension in front; null for none.</summary>
    public static byte[] Asking(string? name, int recordBytes = 16_384) =>
        Records(Message(name), recordBytes);

    public static byte[] Message(string? name)
    {
        byte[] extensions = [.. Extension(10, [0, 2, 0, 29]), .. name is null ? [] : ServerName(name)];
        byte[] body =
        [
            3, 3, .. Enumerable.Repeat((byte)0xAB, 32), 32, .. Enumerable.Repeat((byte)0xCD, 32),
            0, 4, 0x13, 1, 0x13, 2, 1, 0, .. Prefixed(extensions),
        ];
        return [1, 0, .. BigEndian(body.Length), .. body];
    }

    public static byte[] Records(byte[] message, int recordBytes) =>
        [.. message.Chunk(recordBytes).SelectMany(piece => (byte[])[22, 3, 1, .. Prefixed(piece)])];

    private static byte[] ServerName(string name) =>
        Extension(0, Prefixed([0, .. Prefixed(Encoding.ASCII.GetBytes(name))]));

    private static byte[] Extension(int type, byte[] data) => [.. BigEndian(type), .. Prefixed(data)];

    private static byte[] Prefixed(byte[] data) => [.. BigEndian(data.Length), .. data];

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
