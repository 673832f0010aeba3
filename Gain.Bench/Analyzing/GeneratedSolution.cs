using System.Globalization;
using System.Text;
using Gain.Bench.Tools;

namespace Gain.Bench.Analyzing;

/// <summary>
/// The sources that the cost of the analyzers is measured on: protocols, each with a class of ten methods
/// that its callbacks lead into, as real handlers do.
/// </summary>
internal static class GeneratedSolution
{
    public const int Protocols = 200;
    public const int MethodsEach = 10;

    /// <summary>The sources, a file for each protocol.</summary>
    public static IEnumerable<(string Name, string Text)> Sources() =>
        Enumerable.Range(0, Protocols).Select(i => ($"Protocol{i}.cs", Source(i)));

    /// <summary>Writes the sources and a project that builds them, with or without the analyzers.</summary>
    public static string WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in Sources())
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        string analyzers = Built("Gain.Analyzers", "netstandard2.0");
        string project = Path.Combine(folder, "Generated.csproj");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{Built("Gain.Runtime", "net10.0")}" />
                <Analyzer Include="{Built("Gain.Generators", "netstandard2.0")}" />
                <Analyzer Include="{analyzers}" Condition="'$(Analyzed)' == 'true'" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(folder, "Directory.Packages.props"), "<Project />");
        return project;
    }

    /// <summary>One file, with a number in a body that makes an edit.</summary>
    public static string Source(int index, int edit = 0)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            using System;
            using System.Buffers.Binary;
            using Gain;

            namespace Generated;

            [GainProtocol]
            public partial struct Protocol{{index}}
            {
                private int _total;
                private long _since;

                private void OnAccept(Connection connection) =>
                    _since = Work{{index}}.M0((int)connection.NowMs);

                private void OnRead(Connection connection, ReadOnlySpan<byte> data)
                {
                    _total += Work{{index}}.M1(data.Length + {{edit}});
                    Span<byte> answer = stackalloc byte[8];
                    BinaryPrimitives.WriteInt64BigEndian(answer, Work{{index}}.M2(_total));
                    connection.Send(answer);
                }

                private readonly void OnClose(CloseReason reason) =>
                    Work{{index}}.M3(_total + (int)reason + (int)_since);
            }

            internal static class Work{{index}}
            {

            """);
        for (int i = 0; i < MethodsEach; i++)
        {
            int next = i + 4;
            string rest = next < MethodsEach ? $"M{next}(sum)"
                : $"Work{(index + 1) % Protocols}.M{next % 4}Last(sum)";
            text.Append(CultureInfo.InvariantCulture, $$"""
                    public static int M{{i}}(int value)
                    {
                        int sum = value;
                        Span<int> parts = stackalloc int[4];
                        for (int i = 0; i < parts.Length; i++)
                        {
                            parts[i] = Math.Max(sum, i) ^ {{i}};
                            sum += parts[i] switch { > 100 => 1, > 10 => 2, _ => 3 };
                        }

                        return sum > 1_000_000
                            ? throw new InvalidOperationException($"{sum} of {value}")
                            : {{rest}};
                    }


                """);
        }

        for (int i = 0; i < 4; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"    public static int M{i}Last(int value) => value + {i};\n\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Built(string project, string framework)
    {
        string path = Path.Combine(
            Repository.Root, project, "bin", "Release", framework,
                Path.ChangeExtension(project + ".x", "dll"));
        return File.Exists(path)
            ? path
            : throw new BenchException($"{path} is missing: build the solution with -c Release first.");
    }
}
