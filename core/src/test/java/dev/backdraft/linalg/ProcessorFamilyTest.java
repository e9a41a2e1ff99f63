package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorFamilyTest {
    @Test
    void isTheWidestKindOfVectorsThatTheKernelReports() {
        assertThat(ProcessorFamily.name("processor\t: 0\nflags\t\t: fpu avx avx2 avx512f avx512dq\n", "amd64"))
                .isEqualTo("AVX-512");
        assertThat(ProcessorFamily.name("flags\t\t: fpu avx avx2\nbugs\t\t: avx512f\n", "amd64"))
                .isEqualTo("AVX2");
        assertThat(ProcessorFamily.name("flags : fpu sse4_2\n", "amd64")).isEqualTo("amd64");
        assertThat(ProcessorFamily.name("Features\t: fp asimd\n", "aarch64")).isEqualTo("aarch64");
    }

    @Test
    void kernelsNameBackendAndFamily() {
        assertThat(Blas.kernels())
                .startsWith(Blas.backend() + " BLAS")
                .containsAnyOf(ProcessorFamily.name(), "all processors");
    }
}
