using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Configuration;

namespace Gain.Tests.Package;

/// <summary>
/// A program that binds every option from a configuration and prints what it has got: where nothing reflects,
/// only the binder that was generated for it can.
/// </summary>
internal sealed class BoundOptions
{
    /// <summary>The argument with which a program asks for the printout.</summary>
    public const string Argument = "options";

    // As Text below.
    private const string Show = """
        internal static class Shown
        {
            public static string Text(object? value) => value switch
            {
                null => "(null)",
                string text => text.Replace("\n", "\\n"),
                byte[] bytes => Convert.ToHexString(bytes),
                IEnumerable<string> many => string.Join(' ', many),
                IFormattable one => one.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString()!,
            };
        }
        """;

    private readonly Dictionary<string, string?> _values = [];
    private readonly Dictionary<string, object?> _expected = [];

    public BoundOptions() =>
        ConfigurationPlan.Add("", typeof(GainOptions), new GainOptions(), _values, _expected);

    /// <summary>A line for each option, as the program is to print them.</summary>
    public string[] Expected => [.. _expected.Select(one => $"{one.Key} is {Text(one.Value)}")];

    /// <summary>Adds the program to a project, and the binder of the version that this one is built
    /// with.</summary>
    public async Task AddToAsync(string folder, string project)
    {
        string version = typeof(ConfigurationBinder).Assembly.GetName().Version!.ToString(3);
        string file = Path.Combine(folder, project);
        string text = await File.ReadAllTextAsync(file);
        text = text.Replace("</Project>", $"""
              <PropertyGroup>
                <DefineConstants>$(DefineConstants);BOUND</DefineConstants>
                <EnableConfigurationBindingGenerator>true</EnableConfigurationBindingGenerator>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.Extensions.Configuration" Version="{version}" />
                <PackageReference Include="Microsoft.Extensions.Configuration.Binder" Version="{version}" />
              </ItemGroup>
            </Project>
            """, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text, Encoding.UTF8);
        await File.WriteAllTextAsync(Path.Combine(folder, "Bound.cs"), Source(), Encoding.UTF8);
    }

    // The class Bound with its method Print.
    private string Source()
    {
        var source = new StringBuilder("""
            using System.Globalization;
            using Gain;
            using Microsoft.Extensions.Configuration;

            internal static class Bound
            {
                public static void Print()
                {
                    IConfiguration configuration = new ConfigurationBuilder()
                        .AddInMemoryCollection(new Dictionary<string, string?>
                        {

            """);
        foreach ((string name, string? value) in _values)
        {
            source.AppendLine(CultureInfo.InvariantCulture, $"[{Literal(name)}] = {Literal(value!)},");
        }

        source.AppendLine("}).Build();");
        source.AppendLine("var options = new GainOptions();");
        source.AppendLine("configuration.Bind(options);");
        foreach (string name in _expected.Keys)
        {
            string path = name.Replace(':', '.');
            source.AppendLine(
                CultureInfo.InvariantCulture,
                $"Console.WriteLine({Literal($"{name} is ")} + Shown.Text(options.{path}));");
        }

        return source.AppendLine("}}").AppendLine(Show).ToString();
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    // As Shown.Text.
    private static string Text(object? value) => value switch
    {
        null => "(null)",
        string text => text.Replace("\n", "\\n", StringComparison.Ordinal),
        byte[] bytes => Convert.ToHexString(bytes),
        IEnumerable<string> many => string.Join(' ', many),
        IFormattable one => one.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
