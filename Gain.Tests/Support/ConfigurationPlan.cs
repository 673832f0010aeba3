using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Gain.Tests;

/// <summary>
/// What a test binds from a configuration: another value than its default for every option.
/// </summary>
internal static class ConfigurationPlan
{
    /// <summary>A value for each option, whatever options there are, and what it binds to.</summary>
    public static void Add(
        string prefix,
        Type type,
        object defaults,
        Dictionary<string, string?> values,
        Dictionary<string, object?> expected)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = prefix + property.Name;
            object? standard = property.GetValue(defaults);
            if (IsGroup(property))
            {
                Add($"{name}:", property.PropertyType, standard!, values, expected);
            }
            else if (property.PropertyType == typeof(NetworkList))
            {
                // Its text is a property of its own with the same key.
                values[name] = "10.2.0.0/16";
                expected[$"{name}Text"] = "10.2.0.0/16";
                values[$"{name}:0"] = "10.1.0.0/16";
                values[$"{name}:1"] = "fd00::/8";
                expected[name] = new[] { "10.1.0.0/16", "fd00::/8" };
            }
            else if (property.GetCustomAttribute<ConfigurationKeyNameAttribute>() is null)
            {
                (values[name], expected[name]) = Other(property.PropertyType, standard);
                Assert.That(expected[name], Is.Not.EqualTo(standard), $"{name} would not be seen");
            }
        }
    }

    /// <summary>The properties that are groups of options.</summary>
    public static IEnumerable<PropertyInfo> Groups(Type type) => type.GetProperties().Where(IsGroup);

    private static bool IsGroup(PropertyInfo property) =>
        property.PropertyType.IsClass
        && property.PropertyType.Assembly == typeof(GainOptions).Assembly
        && property.PropertyType != typeof(NetworkList);

    private static (string Text, object Value) Other(Type type, object? standard)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
        {
            object value = Enum.GetValues(plain).Cast<object>().First(one => !one.Equals(standard));
            return ($"{value}", value);
        }

        return plain switch
        {
            _ when plain == typeof(string) => ("full\n", "full\n"),
            _ when plain == typeof(byte[]) => (Convert.ToBase64String([0, 1, 255]), new byte[] { 0, 1, 255 }),
            _ when plain == typeof(bool) => ($"{!(bool)standard!}", !(bool)standard!),
            _ when plain == typeof(TimeSpan) => ("00:00:07", TimeSpan.FromSeconds(7)),
            _ => ("33", Convert.ChangeType(33, plain, CultureInfo.InvariantCulture)),
        };
    }
}
