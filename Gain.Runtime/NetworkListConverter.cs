using System.ComponentModel;
using System.Globalization;

namespace Gain;

/// <summary>Reads a <see cref="NetworkList"/> of one text, as configurations have it.</summary>
internal sealed class NetworkListConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    // Nothing is judged here: whoever binds may swallow what is thrown.
    public override object? ConvertFrom(
        ITypeDescriptorContext? context, CultureInfo? culture, object value)
    {
        if (value is not string text)
        {
            return base.ConvertFrom(context, culture, value);
        }

        var networks = new NetworkList();
        if (text.Length != 0)
        {
            Array.ForEach(text.Split(','), networks.Add);
        }

        return networks;
    }
}
