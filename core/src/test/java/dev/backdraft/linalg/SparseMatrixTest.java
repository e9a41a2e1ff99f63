package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products with a sparse matrix have the bits of the portable products with the dense one. */
class SparseMatrixTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "7,50,3", "33,200,17", "32,1000,64", "10,5,40"})
    void productsAreThoseOfTheDenseMatrix(int m, int k, int n) {
        SplitMix random = SplitMix.at(1, m, k, n);
        SparseMatrix sparse = random(k, n, random);
        Matrix dense = Matrix.zeros(k, n);
        sparse.copyTo(dense);
        Products portable = new PortableProducts(new ScalarChains("for a test"));

        Matrix a = filled(m, k, random);
        Matrix c = filled(m, n, random);
        Matrix expected = new Matrix(c.values().clone(), 0, m, n);
        Blas.gemm(a, sparse, c);
        Blas.gemm(portable, a, Transpose.NO, dense, Transpose.NO, 1, expected);
        assertThat(c.values()).containsExactly(expected.values());

        Matrix b = filled(m, n, random);
        Matrix d = filled(m, k, random);
        Matrix expectedD = new Matrix(d.values().clone(), 0, m, k);
        Blas.gemmTransposed(b, sparse, d);
        Blas.gemm(portable, b, Transpose.NO, dense, Transpose.YES, 1, expectedD);
        assertThat(d.values()).containsExactly(expectedD.values());
    }

    @ParameterizedTest
    @CsvSource({"4,3,3", "3,4,3", "3,3,4"})
    void shapesMustFit(int m, int k, int n) {
        SparseMatrix sparse = random(3, 3, SplitMix.at(2, 0, 0, 0));
        Matrix a = Matrix.zeros(3, k);
        Matrix c = Matrix.zeros(m, n);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blas.gemm(a, sparse, c))
                .withMessageContaining(c.shape());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blas.gemmTransposed(a, sparse, c))
                .withMessageContaining("[3 x 3]T");
    }

    private static SparseMatrix random(int rows, int columns, SplitMix random) {
        SparseMatrix matrix = new SparseMatrix(rows);
        for (int round = 0; round < 2; round++) { // the second fills what the first has left
            matrix.clear();
            for (int j = 0; j < columns; j++) {
                int[] indices = new int[rows];
                float[] values = new float[rows];
                int count = 0;
                for (int i = 0; i < rows; i++) {
                    if (random.nextDouble() < 0.2) {
                        indices[count] = i;
                        values[count] = (float) random.nextGaussian();
                        count++;
                    }
                }
                matrix.addColumn(indices, values, 0, count);
            }
        }
        return matrix;
    }

    private static Matrix filled(int rows, int columns, SplitMix random) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.values()[i] = (float) random.nextGaussian();
        }
        return matrix;
    }
}
