using System;

namespace Gain.Generators.Models;

/// <summary>A valid <c>[LengthPrefixed]</c>.</summary>
/// <param name="Size">The length field's bytes.</param>
/// <param name="BigEndian">Whether the most significant one comes first.</param>
/// <param name="Offset">The header's bytes in front of the field.</param>
/// <param name="PayloadAdjustment">What makes the payload's length of the field's value, if added.</param>
/// <param name="MaxFrameLength">The longest payload accepted.</param>
/// <param name="Strip">Whether <c>OnFrame</c> gets the payload without the header.</param>
internal sealed record LengthPrefixedModel(
    int Size, bool BigEndian, int Offset, int PayloadAdjustment, int MaxFrameLength, bool Strip)
    : FramingModel
{
    /// <summary>The bytes in front of the payload.</summary>
    public int HeaderLength => Offset + Size;

    /// <summary>Whether the field can hold a negative value.</summary>
    public bool IsSigned => Size >= 4;

    /// <summary>The greatest value that the field can hold.</summary>
    public long MaxField => Size == 8 ? long.MaxValue : (1L << ((Size * 8) - (IsSigned ? 1 : 0))) - 1;

    /// <summary>The shortest payload that has a prefix.</summary>
    public int LeastPayload => Math.Max(0, PayloadAdjustment);

    /// <summary>The longest payload that has a prefix, as far as an <c>int</c> can tell it.</summary>
    public int MostPayload => (int)Math.Min(int.MaxValue, Math.Min(MaxField, 1L << 40) + PayloadAdjustment);
}
