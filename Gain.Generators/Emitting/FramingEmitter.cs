using System;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits what the declared framing asks for.</summary>
internal static class FramingEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol, FramingModel framing)
    {
        switch (framing)
        {
            case DelimitedModel delimited:
                DelimitedEmitter.Write(writer, protocol, delimited);
                break;

            case LengthPrefixedModel prefixed:
                LengthPrefixedEmitter.Write(writer, protocol, prefixed);
                break;

            case FixedSizeModel fixedSize:
                FixedSizeEmitter.Write(writer, protocol, fixedSize);
                break;

            case VarintPrefixedModel varint:
                VarintPrefixedEmitter.Write(writer, protocol, varint);
                break;

            case CustomFramingModel custom:
                CustomFramingEmitter.Write(writer, protocol, custom);
                break;

            default:
                throw new InvalidOperationException($"No emitter for {framing.GetType().Name}.");
        }
    }
}
